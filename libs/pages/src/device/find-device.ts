import type { DeviceView, HttpRequest, InteractionService } from '@tessera/token-server';
import { faultyFields, passingRefusal, type Refusal } from '../form/refusal.js';

/** The device behind a code, or what the person is told: wrong codes are counted (RFC 8628 §5.1). */
export async function findDevice(
  interactions: InteractionService,
  request: HttpRequest,
  userCode: string | undefined,
): Promise<DeviceView | Refusal> {
  if (!userCode) return faultyFields('device.incomplete');
  try {
    return (await interactions.device(request, userCode)) ?? faultyFields('device.wrong');
  } catch (error) {
    return passingRefusal(error);
  }
}
