//! The merge table, row by row, for every direction and both winners.

use renraku_core::contact::{Pair, Record, Side};
use renraku_core::merge::{Verdict, verdict};
use renraku_core::plan::{PlanInput, plan};
use renraku_core::setup::Direction;

use crate::table::{check, expect};
use crate::worlds::{EMAIL, Sync, card, listed, lone, record};

#[test]
fn the_merge_table() {
    check(include_str!("tables/merge.txt"), 9, |cells| {
        let yes = |cell: &str| cell == "yes";
        let changed = Pair { zoho: yes(&cells[0]), google: yes(&cells[1]) };
        let equals = match cells[2].as_str() {
            "any" => vec![false, true],
            cell => vec![yes(cell)],
        };
        let columns = [
            (Direction::TwoWay, Side::Zoho),
            (Direction::TwoWay, Side::Google),
            (Direction::ZohoToGoogle, Side::Zoho),
            (Direction::ZohoToGoogle, Side::Google),
            (Direction::GoogleToZoho, Side::Zoho),
            (Direction::GoogleToZoho, Side::Google),
        ];
        for equal in equals {
            for ((direction, winner), expected) in columns.into_iter().zip(cells.iter().skip(3)) {
                let found = match verdict(changed, equal, direction, Some(winner)) {
                    Verdict::Quiet => "nothing",
                    Verdict::Settle => "settle",
                    Verdict::Write(Side::Google) => "G:=Z",
                    Verdict::Write(Side::Zoho) => "Z:=G",
                    Verdict::Overwrite(Side::Google) => "G:=Z!",
                    Verdict::Overwrite(Side::Zoho) => "Z:=G!",
                    Verdict::Drift(_) => "leave",
                    Verdict::Ask => "ask",
                };
                expect(expected, found).map_err(|e| format!("{direction:?} {winner:?}: {e}"))?;
            }
        }
        Ok(())
    });
}

#[test]
fn where_nobody_wins_yet_only_a_difference_asks() {
    for direction in [Direction::TwoWay, Direction::ZohoToGoogle, Direction::GoogleToZoho] {
        for (zoho, google) in [(false, false), (true, false), (false, true), (true, true)] {
            for equal in [false, true] {
                let changed = Pair { zoho, google };
                let found = verdict(changed, equal, direction, None);
                let asks = zoho && google && !equal;
                assert_eq!(found == Verdict::Ask, asks, "{changed:?} {equal} {direction:?}");
                if !asks {
                    let decided = verdict(changed, equal, direction, Some(Side::Zoho));
                    assert_eq!(found, decided, "{changed:?} {equal} {direction:?}");
                }
            }
        }
    }
}

#[test]
fn a_fresh_match_reads_the_entry_that_matched() {
    let zoho = record("1", card(&[(EMAIL, "b@x.jp")]));
    let mut google = record("people/1", card(&[(EMAIL, "a@x.jp")]));
    google.listed =
        ["a@x.jp", "b@x.jp"].map(|value| listed("emailAddresses", "work", value)).into();
    let mut world = PlanInput::default();
    let of = |record: Record, keys: &[&str]| {
        let mut found = lone(&record.id, record.card.clone(), true, None);
        found.record = record;
        found.evidence.keys = keys.iter().map(|key| (*key).to_owned()).collect();
        found
    };
    world.unlinked.zoho.push(of(zoho, &["b@x.jp"]));
    world.unlinked.google.push(of(google, &["a@x.jp", "b@x.jp"]));
    let planned = plan(world, &Sync::new().rules());
    assert!(planned.steps.is_empty(), "both say the same: {:?}", planned.steps);
    assert_eq!(planned.ledger_updates.len(), 1, "and are linked");
}
