//! When the keyframes are shown that an index lists, by their numbers.

use std::io::{self, Read, Seek};

use super::boxes::Head;
use super::track::entries;
use crate::interrupt;
use crate::media::keys::Keys;
use crate::media::source::Source;

/// Keyframes that are looked at; of more, every so many.
const HELD: u64 = 1 << 16;

/// The keyframes of tables for lengths, shifts and numbers. Without the last, all samples are ones.
pub(super) fn listed<R: Read + Seek>(
    source: &mut Source<R>,
    [lengths, shifts, numbers]: [Option<Head>; 3],
    samples: u64,
) -> io::Result<Keys> {
    let mut keys = Keys::default();
    let Some(lengths) = lengths else { return Ok(keys) };
    let (count, wanted) = match numbers {
        Some(head) => numbered(source, &head)?,
        None => (samples, (0..samples).step_by(stride(samples)).collect()),
    };
    let mut times = Vec::with_capacity(wanted.len());
    // Both tables are lists of runs, and the numbers ascend.
    let mut wanted_next = wanted.iter().peekable();
    let (mut sample, mut time) = (0_u64, 0_i64);
    runs(source, &lengths, |run, each| {
        let end = sample.saturating_add(run);
        while let Some(number) = wanted_next.next_if(|number| **number < end) {
            let within = i64::try_from(number.saturating_sub(sample)).unwrap_or(i64::MAX);
            times.push(time.saturating_add(within.saturating_mul(each.into())));
        }
        sample = end;
        time = time.saturating_add(i64::try_from(run).unwrap_or(i64::MAX).saturating_mul(each.into()));
    })?;
    if let Some(shifts) = shifts {
        let (mut sample, mut place) = (0_u64, 0);
        runs(source, &shifts, |run, each| {
            sample = sample.saturating_add(run);
            while let Some((time, _)) = times.get_mut(place).zip(wanted.get(place).filter(|number| **number < sample)) {
                *time = time.saturating_add(each.cast_signed().into());
                place += 1;
            }
        })?;
    }
    times.into_iter().for_each(|time| keys.push(time));
    keys.of(count);
    Ok(keys)
}

/// How many numbers a table has, and every so many of them, from 0.
fn numbered<R: Read + Seek>(source: &mut Source<R>, head: &Head) -> io::Result<(u64, Vec<u64>)> {
    source.go(head.body)?;
    source.array::<4>()?;
    let count = u64::from(entries(source.u32()?, head, 8, 4));
    let mut wanted = Vec::new();
    let mut last = 0;
    for place in 0..count {
        let number = u64::from(source.u32()?).saturating_sub(1);
        if place % stride(count) as u64 == 0 && number >= last {
            wanted.push(number);
            last = number;
        }
    }
    Ok((count, wanted))
}

fn stride(count: u64) -> usize {
    usize::try_from(count.div_ceil(HELD)).unwrap_or(usize::MAX).max(1)
}

/// Hands over the runs of a table: how many, and the value of each.
fn runs<R: Read + Seek>(source: &mut Source<R>, head: &Head, mut take: impl FnMut(u64, u32)) -> io::Result<()> {
    source.go(head.body)?;
    source.array::<4>()?;
    for _ in 0..entries(source.u32()?, head, 8, 8) {
        take(source.u32()?.into(), source.u32()?);
    }
    interrupt::check_io()
}
