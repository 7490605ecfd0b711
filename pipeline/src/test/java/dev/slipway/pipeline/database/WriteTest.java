package dev.slipway.pipeline.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WriteTest {
  @Test
  void oneStatementStaysAsItIs() {
    String sql = "update a set x = $2 where id = $1 or id = $2";

    assertThat(Write.joined(List.of(sql))).isEqualTo(sql);
  }

  @Test
  void severalCountTheirParametersOn() {
    String joined =
        Write.joined(
            List.of(
                "update a set x = $2 where id = $1 or id = $2",
                "delete from b",
                "insert into c values ($1, $11, $10, $9, $8, $7, $6, $5, $4, $3, $2)"));

    assertThat(joined.lines())
        .containsExactly(
            "with write_1 as (",
            "update a set x = $2 where id = $1 or id = $2)",
            ", write_2 as (",
            "delete from b)",
            "insert into c values ($3, $13, $12, $11, $10, $9, $8, $7, $6, $5, $4)");
  }
}
