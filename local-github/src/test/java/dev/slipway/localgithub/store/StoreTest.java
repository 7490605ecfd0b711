package dev.slipway.localgithub.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  @TempDir Path folder;

  record Thing(String name) {}

  @Test
  void whatWasPutIsThereAfterAKillAndADraftIsNot() throws IOException {
    Documents<Thing> before = Store.open(folder).documents("thing", Thing.class);
    before.put(new Key(2, 1), new Thing("first"));
    before.put(new Key(2, 10), new Thing("second"));
    before.put(new Key(3, 1), new Thing("another's"));
    before.put(new Key(2, 1), new Thing("changed"));
    assertThat(before.remove(new Key(3, 1))).isTrue();
    Files.writeString(folder.resolve("thing/.draft1"), "{\"na");

    Documents<Thing> after = Store.open(folder).documents("thing", Thing.class);

    assertThat(after.of(2)).containsExactly(new Thing("changed"), new Thing("second"));
    assertThat(after.of(3)).isEmpty();
    assertThat(folder.resolve("thing/.draft1")).doesNotExist();
  }

  @Test
  void anIdIsGivenOutOnceWhateverIsKilled() {
    Store before = Store.open(folder);
    long given = before.nextId();

    assertThat(Store.open(folder).nextId()).isGreaterThan(given);
  }

  @Test
  void aRepositoryTakesAllItHasWithIt() {
    Store store = Store.open(folder);
    Documents<Thing> things = store.documents("thing", Thing.class);
    things.put(new Key(1, 1), new Thing("its"));
    things.put(new Key(2, 1), new Thing("another's"));

    store.removeOf(1);

    assertThat(things.all()).containsExactly(new Thing("another's"));
  }
}
