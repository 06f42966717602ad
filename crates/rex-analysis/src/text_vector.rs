//! Vectors of texts and of records, and how near they are.
//!
//! Only the normalization uses floating-point numbers, with operations that IEEE 754 defines to the last bit. Everything else is
//! integers, so vectors and similarities are the same on every platform and do not depend on the order of the words.

/// Dimensions of all vectors.
pub const DIMENSIONS: usize = 64;

/// Length of a [`TextVector`].
const UNIT: i32 = i16::MAX as i32;
/// Maximum component of a [`RecordVector`]. It stands for one half: no component of a sum of many words comes near 1.
const RECORD_MAX: i32 = i8::MAX as i32;

/// The meaning of a text: the weighted sum of the vectors of its words, of length 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextVector {
    /// Fixed-point, [`UNIT`] is 1.
    components: [i16; DIMENSIONS],
    coverage: f32,
}

impl TextVector {
    /// Normalizes a sum. `None` if it is zero.
    pub(crate) fn of(sum: &[i64; DIMENSIONS], coverage: f32) -> Option<Self> {
        let square: f64 = sum.iter().map(|x| *x as f64 * *x as f64).sum();
        if square == 0.0 {
            return None;
        }
        let factor = f64::from(UNIT) / square.sqrt();
        Some(Self {
            components: sum.map(|x| {
                let scaled = x as f64 * factor;
                // Faster than `round`, a call on processors without such an instruction.
                (scaled + 0.5_f64.copysign(scaled)) as i16
            }),
            coverage,
        })
    }

    /// Share of the weight of the words that the table knows, from 0 to 1. A word that it does not know has the largest weight.
    pub fn coverage(&self) -> f32 {
        self.coverage
    }

    /// Cosine with another text.
    pub fn cosine(&self, other: &Self) -> f32 {
        let pairs = self.components.iter().zip(&other.components);
        let dot: i64 = pairs.map(|(a, b)| i64::from(*a) * i64::from(*b)).sum();
        (dot as f64 / f64::from(UNIT * UNIT)) as f32
    }
}

/// The meaning of a record, in 64 bytes: the mean of the vectors of its title and its text.
///
/// The mean is not normalized. A record whose title and text differ in meaning is near neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordVector([i8; DIMENSIONS]);

impl RecordVector {
    /// Size in bytes.
    pub const BYTES: usize = DIMENSIONS;

    /// The vector of a record with this title and text. If one is missing, the other counts alone; `None` if both are.
    pub fn of(title: Option<&TextVector>, text: Option<&TextVector>) -> Option<Self> {
        let (title, text) = (title.or(text)?, text.or(title)?);
        let mut components = [0; DIMENSIONS];
        for ((to, a), b) in components.iter_mut().zip(&title.components).zip(&text.components) {
            let scaled = (i32::from(*a) + i32::from(*b)) * RECORD_MAX;
            let rounded = (scaled + scaled.signum() * (UNIT / 2)) / UNIT;
            *to = rounded.clamp(-RECORD_MAX, RECORD_MAX) as i8;
        }
        Some(Self(components))
    }

    /// Decodes [`Self::to_bytes`].
    pub fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes.map(|byte| byte as i8))
    }

    /// The encoded vector.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        self.0.map(|component| component as u8)
    }

    /// How near the record is to a text: the mean of the cosines with its title and its text, up to rounding.
    pub fn similarity(&self, text: &TextVector) -> f32 {
        let pairs = self.0.iter().zip(&text.components);
        // At most 64 * 127 * 32,767, below 2^31.
        let dot: i32 = pairs.map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
        (f64::from(dot) / f64::from(2 * RECORD_MAX * UNIT)) as f32
    }

    /// Cosine with another record.
    pub fn cosine(&self, other: &Self) -> f32 {
        cosine(&self.0, &other.0)
    }

    pub(crate) fn components(&self) -> &[i8; DIMENSIONS] {
        &self.0
    }
}

/// Cosine of two vectors, 0 if one is zero.
pub(crate) fn cosine(one: &[i8; DIMENSIONS], other: &[i8; DIMENSIONS]) -> f32 {
    let dot = |a: &[i8; DIMENSIONS], b: &[i8; DIMENSIONS]| -> i32 {
        a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
    };
    let squares = f64::from(dot(one, one)) * f64::from(dot(other, other));
    if squares == 0.0 {
        return 0.0;
    }
    (f64::from(dot(one, other)) / squares.sqrt()) as f32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A sum with these first components.
    fn sum(first: &[i64]) -> [i64; DIMENSIONS] {
        let mut sum = [0; DIMENSIONS];
        sum[..first.len()].copy_from_slice(first);
        sum
    }

    fn vector(first: &[i64]) -> TextVector {
        TextVector::of(&sum(first), 1.0).expect("not zero")
    }

    #[test]
    fn an_empty_sum_has_no_vector() {
        assert_eq!(TextVector::of(&sum(&[]), 1.0), None);
        assert_eq!(RecordVector::of(None, None), None);
    }

    #[test]
    fn a_missing_part_of_a_record_is_replaced_by_the_other() {
        let text = vector(&[3, -4, 12]);
        let both = RecordVector::of(Some(&text), Some(&text));
        assert_eq!(RecordVector::of(Some(&text), None), both);
        assert_eq!(RecordVector::of(None, Some(&text)), both);
    }

    #[test]
    fn figures_are_the_same_on_every_platform() {
        let (one, other) = (
            vector(&[1, 2, -3, 5, -7, 11, -13, 17]),
            vector(&[19, -17, 13, 11, 7, -5, 3, 2]),
        );
        let record = RecordVector::of(Some(&one), Some(&other)).expect("not zero");
        assert_eq!(&record.to_bytes()[..8], &[80, 198, 37, 68, 249, 34, 204, 92]);
        assert_eq!(record.similarity(&one).to_bits(), 1_054_796_573);
        assert_eq!(one.cosine(&other).to_bits(), 3_188_037_125);
    }

    proptest! {
        #[test]
        fn a_record_is_as_near_as_its_parts_on_average(
            title in prop::array::uniform32(-1_000_i64..1_000),
            text in prop::array::uniform32(-1_000_i64..1_000),
            query in prop::array::uniform32(-1_000_i64..1_000),
        ) {
            // Half of the dimensions suffice, and no component is above one half.
            let [title, text, query] = [title, text, query].map(|first| TextVector::of(&sum(&first), 1.0));
            if let (Some(title), Some(text), Some(query)) = (title, text, query)
                && title.components.iter().chain(&text.components).all(|x| i32::from(x.abs()) <= UNIT / 2)
            {
                let record = RecordVector::of(Some(&title), Some(&text)).expect("both parts");
                let exact = (query.cosine(&title) + query.cosine(&text)) / 2.0;
                // Each of 32 components is off by half a step of 1/254, and the query has length 1.
                prop_assert!((record.similarity(&query) - exact).abs() < 32_f32.sqrt() / 508.0 + 1e-3);
                prop_assert_eq!(RecordVector::from_bytes(record.to_bytes()), record);
                prop_assert!((record.cosine(&record) - 1.0).abs() < 1e-6);
            }
        }
    }
}
