/// How much a server of server-sent events brings to many clients, and how fast.
@NullMarked
package dev.slipway.benchmarks.hub;

import org.jspecify.annotations.NullMarked;
