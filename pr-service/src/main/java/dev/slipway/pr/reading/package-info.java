/// Pull requests of which deliveries leave open what they are now: GitHub is asked.
@NullMarked
package dev.slipway.pr.reading;

import org.jspecify.annotations.NullMarked;
