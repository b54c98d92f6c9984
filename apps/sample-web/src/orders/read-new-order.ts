import { parameter } from '../http/parameter.js';
import type { NewOrder } from './order.js';

/** An order out of a form; undefined where it is not one that the API takes. */
export function readNewOrder(form: unknown): NewOrder | undefined {
  const product = parameter(form, 'product')?.trim() ?? '';
  const quantity = parameter(form, 'quantity')?.trim() ?? '';
  const isGood =
    product.length >= 1 && product.length <= 200 && /^[1-9]\d{0,3}$/.test(quantity) && Number(quantity) <= 1000;
  return isGood ? { product, quantity: Number(quantity) } : undefined;
}
