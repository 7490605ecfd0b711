package dev.slipway.pipeline.observability;

import io.micrometer.observation.Observation;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.micrometer.tracing.propagation.Propagator;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/// Carries a trace across Kafka in the header `traceparent` (W3C Trace Context §3.2).
public final class Traces {
  // INVARIANT: flags are the last part of version 00; bit 0 is "sampled".
  private static final Pattern SAMPLED =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f][13579bdf]");

  private static final Step NONE = new Step(null, null);

  private final Tracer tracer;
  private final Propagator propagator;

  /// @param propagator reads what requests carry
  public Traces(Tracer tracer, Propagator propagator) {
    this.tracer = tracer;
    this.propagator = propagator;
  }

  /// For what runs without tracing.
  public static Traces none() {
    return new Traces(Tracer.NOOP, Propagator.NOOP);
  }

  /// `traceparent` of this thread's span; null outside of any.
  public @Nullable String traceparent() {
    Span span = tracer.currentSpan();
    return span == null ? null : format(span.context());
  }

  /// `traceparent` of a reactive chain's span, such as that of the HTTP request; null outside of
  /// any. Use with `Mono.deferContextual`.
  public @Nullable String traceparent(ContextView context) {
    if (context.getOrDefault(ObservationThreadLocalAccessor.KEY, null)
        instanceof Observation observation) {
      TracingContext tracing = observation.getContextView().get(TracingContext.class);
      Span span = tracing == null ? null : tracing.getSpan();
      return span == null ? null : format(span.context());
    }
    return null;
  }

  /// Goes on with the trace of a request that no observation is made of, or begins one.
  ///
  /// @param name of the span: few different ones, such as method and path
  /// @param header of the request by its name
  public Request serving(String name, Function<String, @Nullable String> header) {
    return new Request(
        propagator.extract(header, Function::apply).kind(Span.Kind.SERVER).name(name).start());
  }

  /// Goes on with the trace of a consumed record. Costs one pattern match when the record carries
  /// no trace or an unsampled one.
  ///
  /// @param name of the span: few different ones, such as the stage's name
  /// @param traceparent as the record carries it; null or malformed is no trace
  public Step consuming(String name, @Nullable String traceparent) {
    if (traceparent == null) {
      return NONE;
    }
    Matcher parent = SAMPLED.matcher(traceparent);
    if (!parent.matches()) {
      return NONE;
    }
    TraceContext context =
        tracer
            .traceContextBuilder()
            .traceId(parent.group(1))
            .spanId(parent.group(2))
            .sampled(true)
            .build();
    Span span = tracer.spanBuilder().setParent(context).kind(Span.Kind.CONSUMER).name(name).start();
    return new Step(span, tracer.withSpan(span));
  }

  private static String format(TraceContext context) {
    return "00-"
        + context.traceId()
        + "-"
        + context.spanId()
        + (Boolean.TRUE.equals(context.sampled()) ? "-01" : "-00");
  }

  /// The work on one request, on whichever threads: end it with `answered`.
  public static final class Request {
    private final Span span;

    private Request(Span span) {
      this.span = span;
    }

    public String traceparent() {
      return format(span.context());
    }

    /// Ends it with the status of its answer.
    public void answered(int status) {
      span.tag("status", Integer.toString(status)).end();
    }

    /// Nobody was there to be answered.
    public void abandoned() {
      span.end();
    }
  }

  /// The work on one record, on this thread: end it with `close`.
  public static final class Step implements AutoCloseable {
    private final @Nullable Span span;
    private final Tracer.@Nullable SpanInScope scope;

    private Step(@Nullable Span span, Tracer.@Nullable SpanInScope scope) {
      this.span = span;
      this.scope = scope;
    }

    /// Marks the work as failed.
    public void failed(Throwable failure) {
      if (span != null) {
        span.error(failure);
      }
    }

    @Override
    public void close() {
      if (span != null && scope != null) {
        scope.close();
        span.end();
      }
    }
  }
}
