// Clients of Kafka and of the registry that are none of ours. KAFKA_PROPERTIES_FILE and
// SCHEMA_REGISTRY_URL (user:password@ included) say where they are.
import { SchemaRegistry, SchemaType } from "@kafkajs/confluent-schema-registry";
import avro from "avsc";
import { decompress } from "fzstd";
import { readFileSync } from "node:fs";
import kafkajs from "kafkajs";

// Topics are compressed by the broker; what is written may be plain.
kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => ({
  compress: () => Promise.reject(new Error("written without compression")),
  decompress: async (buffer) => Buffer.from(decompress(buffer)),
});

const properties = new Map(
  readFileSync(process.env.KAFKA_PROPERTIES_FILE, "utf8")
    .split("\n")
    .filter((line) => line.includes("="))
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
);
const [, username, password] = /username="([^"]*)" password="([^"]*)"/.exec(properties.get("sasl.jaas.config"));
export const kafka = new kafkajs.Kafka({
  clientId: "acceptance",
  brokers: properties.get("bootstrap.servers").split(","),
  sasl: { mechanism: properties.get("sasl.mechanism").toLowerCase(), username, password },
  logLevel: kafkajs.logLevel.NOTHING,
});

// Numbers are 64 bits wide; those that JavaScript's own cannot hold are left to BigInt.
const long = avro.types.LongType.__with({
  fromBuffer: (buffer) => buffer.readBigInt64LE(),
  toBuffer: (value) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(BigInt(value));
    return buffer;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value) => typeof value === "bigint" || Number.isInteger(value),
  compare: (one, other) => (one < other ? -1 : one > other ? 1 : 0),
});
const address = new URL(process.env.SCHEMA_REGISTRY_URL);
export const registry = new SchemaRegistry(
  {
    host: address.origin + address.pathname,
    auth: { username: address.username, password: address.password },
  },
  { [SchemaType.AVRO]: { registry: { long } } },
);
