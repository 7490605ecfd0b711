package dev.slipway.pipeline.stage;

import dev.slipway.pipeline.core.Operation;

/// How operations become rows.
public interface OperationCodec<O extends Operation> {
  /// What kind of call it is, such as `create_sandbox`.
  String kind(O operation);

  /// What the worker must know, as a JSON object without secrets.
  String encode(O operation);
}
