package dev.slipway.notifier;

import dev.slipway.notifier.hub.HubConfiguration;
import dev.slipway.pipeline.kafka.KafkaConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// `notifier`: the one class that a Spring context imports to have all of it.
@Configuration(proxyBeanMethods = false)
@Import({KafkaConfiguration.class, HubConfiguration.class})
public class NotifierConfiguration {}
