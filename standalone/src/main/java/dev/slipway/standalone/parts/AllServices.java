package dev.slipway.standalone.parts;

import dev.slipway.ingress.IngressConfiguration;
import dev.slipway.notifier.NotifierConfiguration;
import dev.slipway.pr.PrServiceConfiguration;
import dev.slipway.sandbox.SandboxWorkerConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Every service in one Spring context, behind one port.
@Configuration(proxyBeanMethods = false)
@Import({
  IngressConfiguration.class,
  PrServiceConfiguration.class,
  SandboxWorkerConfiguration.class,
  NotifierConfiguration.class
})
public final class AllServices {}
