/// An installation under attack: tasks go through it while its processes are killed and its
/// surroundings misbehave, and in the end everything is counted.
@NullMarked
package dev.slipway.standalone.chaos;

import org.jspecify.annotations.NullMarked;
