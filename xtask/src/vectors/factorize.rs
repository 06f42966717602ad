//! Truncated singular value decomposition of a sparse matrix.

use nalgebra::{Cholesky, DMatrix, SymmetricEigen};

use super::cooccurrence::Entry;

/// Seed of the first subspace, so that the result is the same each time.
const SEED: u64 = 1;
/// Dimensions beyond those asked for, for precision.
const OVERSAMPLING: usize = 32;
/// Iterations. With fewer than ten, the last dimensions depend on the seed.
const ITERATIONS: usize = 20;

/// The first left singular vectors of a square matrix, one a row of the result: column *i* belongs to row *i* of the matrix.
///
/// Randomized subspace iteration (Halko, Martinsson & Tropp 2011).
///
/// # Errors
/// If the rank of the matrix is too small.
pub(super) fn left_singular_vectors(matrix: &[Entry], size: usize, dimensions: usize) -> Result<DMatrix<f64>, String> {
    let mut random = fastrand::Rng::with_seed(SEED);
    let rows = (dimensions + OVERSAMPLING).min(size);
    let mut subspace = DMatrix::from_fn(rows, size, |_, _| random.f64() - 0.5);
    for iteration in 0..ITERATIONS {
        if iteration > 0 {
            subspace = orthonormal(multiply(matrix.iter().map(|(i, j, x)| (*j, *i, *x)), &subspace))?;
        }
        subspace = orthonormal(multiply(matrix.iter().copied(), &subspace))?;
    }
    let projected = multiply(matrix.iter().map(|(i, j, x)| (*j, *i, *x)), &subspace);
    let (axes, _) = eigenvectors(&projected * projected.transpose());
    Ok(axes.columns(0, dimensions.min(rows)).transpose() * subspace)
}

/// The eigenvectors of a symmetric matrix as columns, with their eigenvalues, the largest first.
pub(super) fn eigenvectors(matrix: DMatrix<f64>) -> (DMatrix<f64>, Vec<f64>) {
    let eigen = SymmetricEigen::new(matrix);
    let mut order: Vec<usize> = (0..eigen.eigenvalues.len()).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
    let values = order.iter().map(|at| eigen.eigenvalues[*at]).collect();
    (eigen.eigenvectors.select_columns(&order), values)
}

/// The product of a sparse matrix and the transpose of a dense one, transposed.
fn multiply(matrix: impl Iterator<Item = Entry>, dense: &DMatrix<f64>) -> DMatrix<f64> {
    let rows = dense.nrows();
    let from = dense.as_slice();
    let mut product = DMatrix::zeros(rows, dense.ncols());
    let to = product.as_mut_slice();
    for (row, column, value) in matrix {
        let to = &mut to[row as usize * rows..][..rows];
        let from = &from[column as usize * rows..][..rows];
        to.iter_mut().zip(from).for_each(|(to, from)| *to += value * from);
    }
    product
}

/// Makes the rows orthonormal. Twice, since once is not precise (CholeskyQR2: Fukaya et al. 2014).
fn orthonormal(mut rows: DMatrix<f64>) -> Result<DMatrix<f64>, String> {
    for _ in 0..2 {
        let products = &rows * rows.transpose();
        let factor = Cholesky::new(products).ok_or("the words have too few contexts for these dimensions")?;
        factor.l_dirty().solve_lower_triangular_mut(&mut rows);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn singular_vectors_are_those_of_the_matrix() {
        // Singular values 10, 5, 2 and 1.
        let matrix = [
            (0, 0, 6.0),
            (0, 1, 4.0),
            (1, 0, 8.0),
            (1, 1, -3.0),
            (2, 3, 1.0),
            (3, 2, 2.0),
        ];
        let vectors = left_singular_vectors(&matrix, 4, 2).expect("full rank");
        let expected = [[0.6, 0.8, 0.0, 0.0], [0.8, -0.6, 0.0, 0.0]];
        for (row, expected) in vectors.row_iter().zip(expected) {
            let sign = row[0].signum();
            for (found, expected) in row.iter().zip(expected) {
                assert!((found * sign - expected).abs() < 1e-9, "{vectors}");
            }
        }
    }

    #[test]
    fn a_matrix_of_low_rank_is_refused() {
        assert!(left_singular_vectors(&[(0, 0, 1.0)], 4, 2).is_err());
    }
}
