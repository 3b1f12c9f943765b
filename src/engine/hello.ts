import { PROTOCOL_VERSION, type HelloEvent } from '../protocol/events';
import { ENGINE_VERSION } from './version';

/** The first event of an engine. */
export function helloEvent(): HelloEvent {
  return { type: 'hello', protocol: PROTOCOL_VERSION, engine: ENGINE_VERSION, pid: process.pid };
}
