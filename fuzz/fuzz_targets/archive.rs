#![no_main]

sealcast_fuzz::target!(|bytes| sealcast_fuzz::import_as("archive", bytes));
