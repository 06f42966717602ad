//! The bounds of the buckets and histogram bars of range facets.

use crate::facet::Facet;

/// Lower bounds of the amount buckets, in cents before tax.
///
/// 40 000 €: from there on buyers publish the essential data of a contract (Code de la commande publique, R2196-1); until
/// décret 2025-1386 of 29 December 2025 competition was required from there on too (R2122-8). 90 000 €: formal publication
/// (R2131-12). European thresholds from 1 January 2026 (Delegated Regulation (EU) 2025/2152 of 22 October 2025): 140 000 €
/// for supplies and services of the State, 216 000 € for those of local authorities, 5 404 000 € for works. 1 M€: a round
/// figure between them.
const AMOUNT_STEPS: &[u64] = &[
    0,
    4_000_000,
    9_000_000,
    14_000_000,
    21_600_000,
    100_000_000,
    540_400_000,
];

/// Lower bounds of the duration buckets, in months: half a year, then years up to the four of a framework agreement (Code de la
/// commande publique, L2125-1).
const DURATION_STEPS: &[u64] = &[0, 6, 12, 24, 36, 48];

/// Lower bounds of the amount bars, in cents: five per decade, the preferred numbers R5 of ISO 3, so that equal ratios have equal
/// widths. They are the same for every search.
const AMOUNT_BARS: &[u64] = &[
    0,
    100_000,
    160_000,
    250_000,
    400_000,
    630_000,
    1_000_000,
    1_600_000,
    2_500_000,
    4_000_000,
    6_300_000,
    10_000_000,
    16_000_000,
    25_000_000,
    40_000_000,
    63_000_000,
    100_000_000,
    160_000_000,
    250_000_000,
    400_000_000,
    630_000_000,
    1_000_000_000,
    1_600_000_000,
    2_500_000_000,
    4_000_000_000,
    6_300_000_000,
    10_000_000_000,
    16_000_000_000,
    25_000_000_000,
    40_000_000_000,
    63_000_000_000,
    100_000_000_000,
];

/// Lower bounds of the duration bars, in months: quarters up to five years, then years up to ten.
const DURATION_BARS: &[u64] = &[
    0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45, 48, 51, 54, 57, 60, 72, 84, 96, 108, 120,
];

/// Lower bounds of the buckets of a range facet, in its unit; empty for other facets.
pub fn steps(facet: Facet) -> &'static [u64] {
    match facet {
        Facet::Montant => AMOUNT_STEPS,
        Facet::Duree => DURATION_STEPS,
        _ => &[],
    }
}

/// Lower bounds of the histogram bars of a range facet, in its unit; empty for other facets.
pub fn bars(facet: Facet) -> &'static [u64] {
    match facet {
        Facet::Montant => AMOUNT_BARS,
        Facet::Duree => DURATION_BARS,
        _ => &[],
    }
}
