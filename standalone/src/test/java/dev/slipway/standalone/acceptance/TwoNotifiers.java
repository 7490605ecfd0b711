package dev.slipway.standalone.acceptance;

import java.util.ArrayList;
import java.util.List;

/// Two notifiers of one installation, the second of which, and whichever is started again, remember
/// next to nothing: what their clients missed they read from Kafka.
final class TwoNotifiers implements AutoCloseable {
  private final Parts parts;
  private final List<Api> apis;
  private final List<Service> running = new ArrayList<>();

  TwoNotifiers(Parts parts) {
    this.parts = parts;
    this.apis = List.of(parts.events(), parts.events().at(Ports.one()));
    parts
        .installation()
        .with("SLIPWAY_LIVE_RINGSIZE", "20KB")
        .with("SLIPWAY_LIVE_WARMUPRECORDS", "0")
        .with("SLIPWAY_LIVE_HEARTBEAT", "200ms");
    running.add(parts.service(Parts.Part.NOTIFIER));
    running.add(start(1));
  }

  List<Api> apis() {
    return apis;
  }

  /// SIGKILL to one of them, which then starts again.
  void killAndStart(int index) {
    running.get(index).kill();
    running.set(index, start(index));
  }

  private Service start(int index) {
    return parts
        .launchBeside(Parts.Part.NOTIFIER, apis.get(index).base().getPort())
        .awaitReady(Slipway.START);
  }

  /// How much both have read from Kafka again for their clients, since they were started.
  double scannedRecords() {
    return apis.stream().mapToDouble(api -> api.metric("slipway_live_scanned_records_total")).sum();
  }

  @Override
  public void close() {
    running.forEach(Service::kill);
  }
}
