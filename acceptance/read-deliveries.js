// Reads github.deliveries with clients that are none of ours, up to where it ends now, and prints
// what it found as JSON: [{partition, offset, key, headers, value, body}], body in base64; of a record
// that is not in the registry's wire format only the place.
// KAFKA_PROPERTIES_FILE and SCHEMA_REGISTRY_URL (user:password@ included) say where; TOPIC which, when it has a prefix.
import { SchemaRegistry, SchemaType } from "@kafkajs/confluent-schema-registry";
import avro from "avsc";
import { readFileSync } from "node:fs";
import kafkajs from "kafkajs";

const topic = process.env.TOPIC ?? "github.deliveries";
const properties = new Map(
  readFileSync(process.env.KAFKA_PROPERTIES_FILE, "utf8")
    .split("\n")
    .filter((line) => line.includes("="))
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
);
const [, username, password] = /username="([^"]*)" password="([^"]*)"/.exec(properties.get("sasl.jaas.config"));
const kafka = new kafkajs.Kafka({
  clientId: "read-deliveries",
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
const registry = new SchemaRegistry(
  {
    host: address.origin + address.pathname,
    auth: { username: address.username, password: address.password },
  },
  { [SchemaType.AVRO]: { registry: { long } } },
);

const admin = kafka.admin();
await admin.connect();
const remaining = new Map();
for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
  if (Number(high) > Number(low)) {
    remaining.set(partition, Number(high));
  }
}

const groupId = `read-deliveries-${process.pid}`;
const consumer = kafka.consumer({ groupId, readUncommitted: false, maxBytes: 64 * 1024 * 1024 });
const found = [];
if (remaining.size > 0) {
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise((resolve, reject) => {
    consumer
      .run({
        eachBatch: async ({ batch }) => {
          try {
            for (const message of batch.messages) {
              found.push(readable(message) ? await decode(batch.partition, message) : place(batch.partition, message));
            }
          } catch (error) {
            reject(error);
            throw error;
          }
          if (Number(batch.lastOffset()) + 1 >= remaining.get(batch.partition)) {
            remaining.delete(batch.partition);
          }
          if (remaining.size === 0) {
            resolve();
          }
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  await admin.deleteGroups([groupId]);
}
await admin.disconnect();
process.stdout.write(JSON.stringify(found, (_, value) => (typeof value === "bigint" ? plain(value) : value)));

function plain(value) {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}

// Tests that share an installation write what no client can read, to see it become a dead letter.
function readable(message) {
  return message.value?.[0] === 0;
}

function place(partition, message) {
  return { partition, offset: Number(message.offset) };
}

async function decode(partition, message) {
  const value = await registry.decode(message.value);
  // A union of two records comes wrapped in the name of the one it is.
  const [branch, content] = Object.entries(value.body)[0];
  const webhook = branch.includes("WebhookReceived") ? content : value.body;
  const { body, ...fields } = webhook;
  const headers = {};
  for (const [name, header] of Object.entries(message.headers ?? {})) {
    headers[name] = header.toString();
  }
  return {
    ...place(partition, message),
    key: message.key?.toString() ?? null,
    headers,
    tenant: value.context.tenant,
    ...fields,
    body: body.toString("base64"),
  };
}
