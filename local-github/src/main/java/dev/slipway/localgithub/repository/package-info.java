/// Repositories, their references and the branches that are protected.
@NullMarked
package dev.slipway.localgithub.repository;

import org.jspecify.annotations.NullMarked;
