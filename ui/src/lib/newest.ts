// Of several askings the last one counts: an answer that was overtaken is older than what is shown.

/** Counts askings; each tells whether it is still the last one. */
export function newest(): () => () => boolean {
  let asked = 0;
  return () => {
    asked += 1;
    const mine = asked;
    return () => mine === asked;
  };
}
