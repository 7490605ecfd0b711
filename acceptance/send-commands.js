// Writes commands for sandboxes with clients that are none of ours and the schema that the registry
// has, one after the other. RECORDS is JSON: [{key, id, value}]; without an id a record has no ce_id,
// and what has a "foreign" in place of a value is of a schema that no consumer of the topic knows.
// Prints where each of them stands: ["partition offset"].
import { kafka, registry } from "./clients.js";

const topic = process.env.TOPIC ?? "sandbox.commands";
const schema = await registry.getLatestSchemaId(`${topic}-value`);

async function encode({ value, foreign }) {
  if (foreign === undefined) {
    return registry.encode(schema, value);
  }
  const fields = [{ name: "wish", type: "string" }];
  const definition = { type: "record", name: "Wish", namespace: "org.example", fields };
  const { id } = await registry.register(
    { type: "AVRO", schema: JSON.stringify(definition) },
    { subject: "org.example.wishes-value" },
  );
  return registry.encode(id, { wish: foreign });
}

const producer = kafka.producer({ idempotent: true });
await producer.connect();
const places = [];
for (const record of JSON.parse(process.env.RECORDS)) {
  const headers = {
    ...(record.id && { ce_id: record.id }),
    ce_type: "sandbox.command",
    ce_source: "/acceptance",
    ce_time: new Date().toISOString(),
    ce_specversion: "1.0",
  };
  const messages = [{ key: record.key, value: await encode(record), headers }];
  const [{ partition, baseOffset }] = await producer.send({ topic, acks: -1, messages });
  places.push(`${partition} ${baseOffset}`);
}
await producer.disconnect();
process.stdout.write(JSON.stringify(places));
