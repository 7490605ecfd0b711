/// What pure deciders are made of: no Spring, no Kafka, no clock, no input or output.
@NullMarked
package dev.slipway.pipeline.core;

import org.jspecify.annotations.NullMarked;
