#![no_main]

sealcast_fuzz::target!(sealcast_fuzz::join);
