package dev.slipway.pipeline.security;

import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.core.convert.converter.Converter;

/// Lets a property of type [Secret] be the value itself or a reference to it.
@ConfigurationPropertiesBinding
final class SecretConverter implements Converter<String, Secret> {
  private final SecretReferences references;

  SecretConverter(SecretReferences references) {
    this.references = references;
  }

  @Override
  public Secret convert(String text) {
    return text.startsWith(SecretReferences.SCHEME) ? references.resolve(text) : new Secret(text);
  }
}
