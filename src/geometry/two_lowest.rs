//! The minimum of some numbers and the runner-up.

/// The lowest of some numbers and the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TwoLowest {
    /// Position of the lowest; any of several equal ones.
    pub at: usize,
    /// The lowest.
    pub least: f32,
    /// The next, infinite where there is one number.
    pub second: f32,
}

impl TwoLowest {
    /// Looks through at least one number that is not NaN.
    pub fn of(numbers: &[f32]) -> TwoLowest {
        let mut found = TwoLowest { at: 0, least: f32::INFINITY, second: f32::INFINITY };
        for (at, &number) in numbers.iter().enumerate() {
            if number < found.least {
                found = TwoLowest { at, least: number, second: found.least };
            } else if number < found.second {
                found.second = number;
            }
        }
        found
    }
}
