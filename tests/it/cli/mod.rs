//! The program, run as a user runs it. One file per command, and one for what can go wrong.

mod assign;
mod cluster;
mod compare;
mod corrections;
mod directions;
mod doctor;
mod earlier;
mod embed;
mod evaluate;
mod export;
mod faults;
mod help;
mod indexes;
mod interrupted;
mod reading;
mod run;
mod search;
mod settings;
mod shards;
mod table;
mod worker;
