package dev.slipway.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.quicktheories.generators.SourceDSL.strings;

import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The vectors were computed with another implementation of RFC 9562 (Python's `uuid`). A formula
/// that fails one has changed the identity of records already written.
class IdsTest {
  private static final UUID CAUSE = UUID.fromString("0190a000-0000-7000-8000-000000000001");
  private static final String STAGE = "pr-service.deliveries";

  @Test
  void theRootOfDerivedIdsIsThatOfTheName() {
    assertThat(Ids.SLIPWAY).hasToString("6a8d6b9b-f181-538f-bc9d-487ed385367f");
  }

  @Test
  void aDeliverysGuidIsItsId() {
    String guid = "72d3162e-cc78-11e3-81ab-4c9367dc0958";

    assertThat(Ids.delivery(guid, null)).hasToString(guid);
    assertThat(Ids.delivery(guid, 42L)).hasToString(guid);
    assertThat(Ids.delivery(guid.toUpperCase(Locale.ROOT), 42L)).hasToString(guid);
  }

  @Test
  void aGuidThatIsNoUuidIsHashedWithItsHook() {
    assertThat(Ids.delivery("not-a-uuid", 42L)).hasToString("9b37647b-4255-50a5-aa3e-71017d2a74c5");
    assertThat(Ids.delivery("not-a-uuid", null))
        .hasToString("dba1e51a-5768-5699-a34f-5c267748ac95");
    assertThat(Ids.delivery("1-1-1-1-1", null)).hasToString("63ece282-94c2-5f47-8195-e5b69323d849");
  }

  @Test
  void theRecordOfADeliveryHasItsIdAndThatOfAnotherTenantOneOfItsOwn() {
    UUID guid = UUID.fromString("72d3162e-cc78-11e3-81ab-4c9367dc0958");

    assertThat(Ids.deliveryRecord("default", guid)).isEqualTo(guid);
    assertThat(Ids.deliveryRecord("acme", guid))
        .hasToString("b867c569-abc5-5296-8526-9e111e2e0a26");
    assertThat(Ids.deliveryRecord("Acme", guid))
        .hasToString("81c92465-5e4c-5e47-a572-d21a602eb550");
    assertThat(Ids.deliveryRecord("a.b_c-d", guid))
        .hasToString("57253b35-120e-5f0d-b29f-6cc584f45351");
    assertThat(Ids.deliveryRecord("acme", Ids.delivery("not-a-uuid", 42L)))
        .hasToString("109cb0c9-06c7-5293-a494-08a6506e0faf");
  }

  @Test
  void aDerivedIdIsThatOfStageCauseTypeKeyAndNumber() {
    assertThat(Ids.derived(STAGE, CAUSE, "task.created", "key", 0))
        .hasToString("6f9b5ba1-cec7-5174-b352-83c979d5826a");
    assertThat(Ids.derived(STAGE, CAUSE, "task.created", "key", 1))
        .hasToString("bac4f6e8-dc57-5aad-a430-090711e6625c");
  }

  @Test
  void aRequestsIdIsThatOfTenantSubjectRouteAndKey() {
    assertThat(Ids.request("acme", "ann", "POST /api/v1/tasks", "k|1"))
        .hasToString("bf4ec194-d9d2-5411-a054-f9f7ab9436c1");
  }

  @Test
  void aPlacesIdIsThatOfTopicPartitionAndOffset() {
    assertThat(Ids.place("XUXpZ1PnQ0eTqQ3aVQ0aaQ", 3, 42))
        .hasToString("5e210b62-2b59-5742-a8e9-17dd5b34b6ea");
  }

  @Test
  void freshIdsAreOfVersionSevenAndAscend() {
    var ids = Stream.generate(Ids::fresh).limit(1_000).map(UUID::toString).toList();

    assertThat(ids).doesNotHaveDuplicates().isSorted();
    assertThat(ids).allMatch(id -> UUID.fromString(id).version() == 7);
  }

  @Test
  void derivedIdsDifferWhereverOneInputDiffers() {
    qt().forAll(
            strings().allPossible().ofLengthBetween(0, 20),
            strings().allPossible().ofLengthBetween(0, 20),
            integers().between(0, 1_000))
        .checkAssert((key, other, n) -> {
          UUID id = Ids.derived(STAGE, CAUSE, "t", key, n);

          assertThat(id).isEqualTo(Ids.derived(STAGE, CAUSE, "t", key, n));
          assertThat(id).isNotEqualTo(Ids.derived(STAGE, CAUSE, "t", key, n + 1));
          assertThat(id).isNotEqualTo(Ids.derived(STAGE, CAUSE, "u", key, n));
          assertThat(id).isNotEqualTo(Ids.derived(STAGE + "x", CAUSE, "t", key, n));
          assertThat(id.equals(Ids.derived(STAGE, CAUSE, "t", other, n)))
              .isEqualTo(key.equals(other));
        });
  }

  @Test
  void deliveriesOfTwoHooksWithOneForeignGuidDiffer() {
    qt().forAll(strings().ascii().ofLengthBetween(1, 35), longs().all(), longs().all())
        .checkAssert((guid, hook, other) ->
            assertThat(Ids.delivery(guid, hook).equals(Ids.delivery(guid, other)))
                .isEqualTo(hook.equals(other)));
  }

  @Test
  void recordsOfOneDeliveryInTwoTenantsDiffer() {
    qt().forAll(
            strings().betweenCodePoints('-', 'z').ofLengthBetween(1, 12),
            strings().betweenCodePoints('-', 'z').ofLengthBetween(1, 12),
            longs().all(),
            longs().all())
        .checkAssert((tenant, other, high, low) -> {
          UUID delivery = new UUID(high, low);

          assertThat(
                  Ids.deliveryRecord(tenant, delivery).equals(Ids.deliveryRecord(other, delivery)))
              .isEqualTo(tenant.equals(other));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"a|b", "|", "a|b|c"})
  void aSeparatorInsideAPartMakesNoCollision(String part) {
    assertThat(Ids.request(part, "x", "r", "k")).isNotEqualTo(Ids.request("a", "b|x", "r", "k"));
    assertThat(Ids.request("t", "s", "r|" + part, "k"))
        .isNotEqualTo(Ids.request("t", "s", "r", part + "|k"));
  }
}
