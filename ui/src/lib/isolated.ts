// The direction of writing of texts from outside.
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;
const TURNS = /[\u202a-\u202e\u2066-\u2069\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A text from outside, told apart from the sentence around it where it is written from right to left or holds marks
 * that change the direction: a contact's name must not turn a sentence around.
 */
export function isolated(text: string): string {
  return TURNS.test(text) ? `\u2068${text.replace(DIRECTIONS, '')}\u2069` : text;
}
