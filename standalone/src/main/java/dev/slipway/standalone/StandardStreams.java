package dev.slipway.standalone;

import java.io.InputStream;
import java.io.OutputStream;

/// The process's own streams, byte by byte: for what is not text of ours, a command's output and
/// files.
record StandardStreams(InputStream in, OutputStream out, OutputStream err) {}
