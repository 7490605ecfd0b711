/// The kernel that every service shares. [SlipwayApplication] starts a service; the packages below
/// are what it finds running when it starts.
@NullMarked
package dev.slipway.pipeline;

import org.jspecify.annotations.NullMarked;
