package dev.slipway.locale2b.box;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Version 2 with folders that look like its own: this project's machines have version 1.
class ControlGroupsTest {
  @TempDir Path directory;

  @Test
  void candidatesAreOurOwnGroupAndThoseAboveIt() {
    CgroupMounts mounts =
        CgroupMounts.parse(
            List.of("4:memory:/a/b", "1:cpu,cpuacct:/", "0::/user/x"),
            List.of(
                "34 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
                "33 31 0:31 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct",
                "41 31 0:39 /user /sys/fs/cgroup/unified rw shared:9 - cgroup2 cgroup2 rw",
                "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw"));

    assertThat(mounts.candidates("memory"))
        .containsExactly(
            Path.of("/sys/fs/cgroup/memory/a/b"),
            Path.of("/sys/fs/cgroup/memory/a"),
            Path.of("/sys/fs/cgroup/memory"));
    assertThat(mounts.candidates("cpuacct")).containsExactly(Path.of("/sys/fs/cgroup/cpu"));
    assertThat(mounts.candidates(""))
        .containsExactly(Path.of("/sys/fs/cgroup/unified/x"), Path.of("/sys/fs/cgroup/unified"));
    assertThat(mounts.candidates("freezer")).isEmpty();
  }

  @Test
  void onVersionTwoOneGroupHasAllLimits() throws Exception {
    ControlGroups groups =
        new ControlGroups(true, Map.of("memory", directory, "pids", directory, "cpu", directory));
    Path group = Files.createDirectory(directory.resolve("one"));
    for (String name : List.of("memory.max", "memory.swap.max", "pids.max", "cpu.max")) {
      Files.createFile(group.resolve(name));
    }

    BoxGroups box = groups.create("one", new Limits(1 << 30, 1.5, 100, 1 << 30));

    assertThat(group.resolve("memory.max")).hasContent("1073741824");
    assertThat(group.resolve("memory.swap.max")).hasContent("0");
    assertThat(group.resolve("pids.max")).hasContent("100");
    assertThat(group.resolve("cpu.max")).hasContent("150000 100000");
    assertThat(box.entrances()).containsExactly(group.resolve("cgroup.procs"));
    Files.writeString(group.resolve("cpu.stat"), "usage_usec 17\nuser_usec 10\n");
    Files.writeString(group.resolve("memory.current"), "5000\n");
    Files.writeString(group.resolve("memory.stat"), "anon 1\ninactive_file 2000\n");
    assertThat(box.cpuNanos()).isEqualTo(17_000);
    assertThat(box.memoryBytes()).isEqualTo(3000);
  }

  @Test
  void whereTheyAreIsWrittenDownAndRead() throws Exception {
    ControlGroups groups =
        new ControlGroups(
            false,
            Map.of("memory", Path.of("/a b/c"), "pids", Path.of("/d"), "cpu", Path.of("/e")));
    Path file = directory.resolve("groups");

    groups.save(file);

    assertThat(ControlGroups.load(file)).contains(groups);
    assertThat(ControlGroups.load(directory.resolve("none"))).isEmpty();
  }
}
