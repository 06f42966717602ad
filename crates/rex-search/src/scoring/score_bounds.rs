//! Upper bounds of what a term adds to a score.

use rex_index::Zone;
use tantivy::Score;

use crate::scoring::postings::ZoneFrequencies;

/// Upper bounds of the score of a weighted term.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScoreBound {
    /// By zone: the limit for an infinite frequency.
    pub(crate) factors: [f32; Zone::ALL.len()],
    /// Added whatever the frequency.
    pub(crate) constant: Score,
}

impl ScoreBound {
    pub(crate) fn add(&mut self, other: &Self) {
        self.constant += other.constant;
        let factors = self.factors.iter_mut().zip(other.factors);
        factors.for_each(|(factor, more)| *factor += more);
    }

    /// Upper bound in any document.
    pub(crate) fn max_score(&self) -> Score {
        self.constant + self.factors.iter().sum::<f32>()
    }

    /// Upper bound in a document with this frequency, by whether the names hold the term. `norms` gives the norms for a frequency
    /// in the title and in the names.
    pub(crate) fn max_score_for(
        &self,
        frequency: u32,
        is_in_names: bool,
        norms: impl Fn(u32, u32) -> [f32; Zone::ALL.len()],
    ) -> Score {
        /// A higher frequency is taken to be in the title and in the names at once, which is a looser bound.
        const TOLD_APART: u32 = 4;
        let split = |title: u32, parties: u32| {
            let zones = self.of([frequency, title, parties], &norms(title, parties));
            zones.iter().sum::<f32>()
        };
        let zones = match (is_in_names, frequency) {
            (false, _) => split(frequency, 0),
            (true, 0..=TOLD_APART) => (0..frequency)
                .map(|title| split(title, frequency - title))
                .fold(0.0, f32::max),
            (true, _) => split(frequency, frequency),
        };
        self.constant + zones
    }

    /// The score in each zone, for these frequencies.
    pub(crate) fn of(&self, frequencies: ZoneFrequencies, norms: &[f32; Zone::ALL.len()]) -> [Score; Zone::ALL.len()] {
        Zone::ALL.map(|zone| {
            let frequency = weighed(frequencies, zone);
            self.factors[zone as usize] * frequency / (frequency + norms[zone as usize])
        })
    }
}

/// Upper bounds by frequency, by whether the names hold the term, and by document length: there are many matches and few lengths.
#[derive(Default)]
pub(crate) struct MaxScoreByLength {
    /// By frequency; empty until there were [`Self::LEAST_USES`].
    table: Vec<[Score; 256]>,
    uses: u32,
}

impl MaxScoreByLength {
    /// Frequencies in the table, from 1 up.
    const FREQUENCIES: u32 = 4;
    /// With fewer uses, filling the table costs more than it saves.
    const LEAST_USES: u32 = 1 << 10;

    pub(crate) fn get(
        &mut self,
        frequency: u32,
        is_in_names: bool,
        length: u8,
        compute: impl Fn(u32, bool, u8) -> Score,
    ) -> Score {
        if self.table.is_empty() {
            self.uses += 1;
            if self.uses < Self::LEAST_USES {
                return compute(frequency, is_in_names, length);
            }
            let kept = (1..=Self::FREQUENCIES).flat_map(|frequency| [(frequency, false), (frequency, true)]);
            let by_length = |(frequency, is_in_names)| {
                let mut length = 0;
                [0.0; 256].map(|_: Score| {
                    let max_score = compute(frequency, is_in_names, length);
                    length = length.wrapping_add(1);
                    max_score
                })
            };
            self.table = kept.map(by_length).collect();
        }
        let place = (2 * frequency as usize + usize::from(is_in_names)).wrapping_sub(2);
        match self.table.get(place) {
            Some(by_length) => by_length[usize::from(length)],
            None => compute(frequency, is_in_names, length),
        }
    }
}

/// The weighted frequency in a zone; the whole document counts title and names as often as they weigh.
fn weighed(frequencies: ZoneFrequencies, zone: Zone) -> f32 {
    let count = |zone: Zone| frequencies[zone as usize] as f32;
    match zone {
        Zone::All => Zone::REPEATS
            .iter()
            .fold(count(zone), |sum, (part, times)| sum + (times - 1.0) * count(*part)),
        Zone::Title | Zone::Parties => count(zone),
    }
}
