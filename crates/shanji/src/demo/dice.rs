//! Chance for the demo province: the same seed throws the same numbers for ever.

use super::seeds::Donors;
use domain::fundraising::IntentForm;
use gateway::{Entropy, SeededEntropy};

/// 〔骰子〕 Draws numbers and donors.
#[derive(Debug)]
pub(super) struct Dice(SeededEntropy);

impl Dice {
    /// Dice that always throw the same.
    pub(super) fn new(seed: u64) -> Dice {
        Dice(SeededEntropy::new(seed))
    }

    /// A number below `sides`; zero if there are none.
    pub(super) fn below(&mut self, sides: u64) -> u64 {
        let mut bytes = [0; 8];
        // A seeded stream never fails.
        let _ = self.0.fill(&mut bytes);
        u64::from_be_bytes(bytes).checked_rem(sides).unwrap_or(0)
    }

    /// True in `percent` of a hundred throws.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of the list; the empty text if the list is empty.
    pub(super) fn pick<'a>(&mut self, list: &'a [String]) -> &'a str {
        let at = self.below(u64::try_from(list.len()).unwrap_or(0));
        list.get(usize::try_from(at).unwrap_or(0))
            .map_or("", String::as_str)
    }

    /// The place of a throw among weights.
    pub(super) fn weighed(&mut self, weights: impl Iterator<Item = u64> + Clone) -> usize {
        let mut left = self.below(weights.clone().sum());
        weights
            .take_while(|weight| {
                let passes = left >= *weight;
                left = left.saturating_sub(*weight);
                passes
            })
            .count()
    }

    /// A gift as somebody might give it: many small ones, few large ones.
    pub(super) fn gift(&mut self, donors: &Donors) -> IntentForm {
        let class = self.weighed(donors.amounts.iter().map(|class| class.weight));
        let yuan = donors
            .amounts
            .get(class)
            .map_or(&[][..], |class| &class.yuan);
        let amount = self.pick(yuan).to_owned();
        let message = if self.chance(18) {
            self.pick(&donors.messages)
        } else {
            ""
        };
        let large = class >= 3;
        if large && self.chance(35) {
            return IntentForm {
                amount,
                donor_name: self.pick(&donors.companies).into(),
                donor_kind: "organisation".into(),
                display: "named".into(),
                contact: String::new(),
                message: message.into(),
            };
        }
        let display = match self.below(100) {
            0..55 => "masked",
            55..78 => "named",
            _ => "anonymous",
        };
        let name = format!(
            "{}{}",
            self.pick(&donors.families),
            self.pick(&donors.givens)
        );
        let donor_name = if display == "anonymous" && self.chance(60) {
            String::new()
        } else {
            name
        };
        IntentForm {
            amount,
            donor_name,
            donor_kind: "person".into(),
            display: display.into(),
            contact: String::new(),
            message: message.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throws_are_the_same_every_time() {
        let throws = |_| {
            let mut dice = Dice::new(7);
            (0..50).map(|_| dice.below(6)).collect::<Vec<_>>()
        };
        assert_eq!(throws(0), throws(1));
        assert!((0..6).all(|side| throws(0).contains(&side)));
        assert_eq!(Dice::new(1).below(0), 0);
    }

    #[test]
    fn weights_are_places() {
        let mut dice = Dice::new(3);
        let places: Vec<usize> = (0..60)
            .map(|_| dice.weighed([0, 5, 0, 1].into_iter()))
            .collect();
        assert!(
            places.iter().all(|place| [1, 3].contains(place)),
            "{places:?}"
        );
        assert!(places.contains(&1) && places.contains(&3));
    }
}
