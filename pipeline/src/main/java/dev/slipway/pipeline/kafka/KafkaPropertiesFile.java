package dev.slipway.pipeline.kafka;

import dev.slipway.pipeline.security.InvalidSettingException;
import dev.slipway.pipeline.security.SecretFiles;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/// Settings of a Kafka client in a file, as Kafka's own tools take them (`--command-config
/// kafka.properties`).
public final class KafkaPropertiesFile {
  private KafkaPropertiesFile() {}

  /// What the file says.
  ///
  /// @throws InvalidSettingException when the file cannot be read, or is open to the wrong people
  public static Map<String, String> read(Path file) {
    SecretFiles.check(file);
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      // a malformed escape; the message of neither quotes the file
      throw new InvalidSettingException("cannot read " + file + " (KAFKA_PROPERTIES_FILE)", e);
    }
    Map<String, String> settings = new HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> settings.put(name, properties.getProperty(name, "")));
    return settings;
  }
}
