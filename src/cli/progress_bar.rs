//! A progress bar on stderr, drawn only where a person looks at it.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar as Bar, ProgressDrawTarget, ProgressStyle};
use rolecluster::progress::{Progress, Silent};

use super::volume::Volume;

/// The progress to give to a long stage.
pub fn progress(wanted: Volume) -> Box<dyn Progress> {
    let watched = std::io::stderr().is_terminal();
    if watched && wanted == Volume::Normal {
        Box::new(ProgressBar { current: Mutex::new(None) })
    } else {
        Box::new(Silent)
    }
}

struct ProgressBar {
    current: Mutex<Option<Bar>>,
}

impl ProgressBar {
    fn with_current(&self, act: impl FnOnce(&mut Option<Bar>)) {
        // A panicking stage cannot leave a bar in a state worth refusing.
        act(&mut self.current.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Progress for ProgressBar {
    fn start(&self, stage: &str, total: u64) {
        let template = match total {
            0 => "{spinner} {msg} {elapsed}",
            _ => "{msg:<12} [{bar:32}] {human_pos}/{human_len}, {eta} left",
        };
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("=> ");
        let target = ProgressDrawTarget::stderr();
        let bar = Bar::with_draw_target((total > 0).then_some(total), target).with_style(style);
        bar.set_message(stage.to_string());
        bar.enable_steady_tick(Duration::from_millis(200));
        self.with_current(|current| {
            if let Some(earlier) = current.replace(bar) {
                earlier.finish_and_clear();
            }
        });
    }

    fn advance(&self, units: u64) {
        self.with_current(|current| {
            if let Some(bar) = current {
                bar.inc(units);
            }
        });
    }

    fn finish(&self) {
        self.with_current(|current| {
            if let Some(bar) = current.take() {
                bar.finish_and_clear();
            }
        });
    }
}
