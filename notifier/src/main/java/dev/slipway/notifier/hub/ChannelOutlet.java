package dev.slipway.notifier.hub;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.ScheduledExecutorService;

/// The way to a client over a connection of its own. What the connection has no room for stays with
/// the hub, which counts it: the server's own reactive streams take far more than they can send.
final class ChannelOutlet implements Outlet {
  private final Channel channel;

  ChannelOutlet(Channel channel) {
    this.channel = channel;
  }

  @Override
  public ScheduledExecutorService lane() {
    return channel.eventLoop();
  }

  @Override
  public boolean takesMore() {
    return channel.isWritable();
  }

  /// Wakes the stream whenever there is room again.
  ///
  /// @return run it when the stream has ended
  Runnable attach(LiveStream stream) {
    var watch = new Watch(stream);
    channel.pipeline().addFirst(watch);
    return () -> {
      if (channel.pipeline().context(watch) != null) {
        var _ = channel.pipeline().remove(watch);
      }
    };
  }

  /// Drops the connection, and with it what it could not send.
  void cut() {
    var _ = channel.close();
  }

  private static final class Watch extends ChannelInboundHandlerAdapter {
    private final LiveStream stream;

    Watch(LiveStream stream) {
      this.stream = stream;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable()) {
        stream.wake();
      }
      context.fireChannelWritabilityChanged();
    }
  }
}
