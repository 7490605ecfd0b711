package dev.slipway.pr.task;

import dev.slipway.pipeline.core.BranchPrefix;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What tasks have in common with those who push for them. The other settings of this name are
/// theirs alone.
///
/// @param branchPrefix what branches of tasks begin with
@ConfigurationProperties(prefix = "slipway.git")
record TaskBranchProperties(@DefaultValue("slipway/") BranchPrefix branchPrefix) {}
