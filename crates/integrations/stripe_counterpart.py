"""localstripe for the tests: on loopback, on a free port that it prints, until its standard input ends.

It has no invoices but those of subscriptions, no finalization, no items that name their invoice and no idempotency keys,
and doesn't give a customer the card of a SetupIntent. That is added here, as Stripe documents it; customers, cards, SetupIntents,
PaymentIntents, charges, payment, voiding and signed events are its own. Two routes are the tests' own: `POST /_config/forget` is a day
later, when keys are forgotten, and `POST /_config/lose/3` has the third request from then on that makes something be
carried out, and its answer lost.
"""

import os
import socket
import threading

from aiohttp import web
from localstripe import server
from localstripe.errors import UserError
from localstripe.resources import (
    Invoice, InvoiceItem, InvoiceLineItem, PaymentIntent, SetupIntent, Store)

# It would keep everything in a file that all share.
Store.dump_to_disk = lambda self: None


def create_invoice(cls, currency=None, number=None, auto_advance=None, pending_invoice_items_behavior=None, **data):
    if number and any(other.number == number for other in cls._api_list_all(None)._list):
        raise UserError(400, 'The number is taken.')
    invoice = cls(**data)
    invoice.number = number
    if currency:
        invoice.currency = currency
    return invoice


def create_item(self, invoice=None, **data):
    draft = invoice and Invoice._api_retrieve(invoice)
    if draft and (draft.status != 'draft' or draft.currency != data.get('currency')):
        raise UserError(400, 'No draft in that currency.')
    make_item(self, invoice=invoice, **data)
    if draft:
        draft.lines._list.append(InvoiceLineItem(self))


def finalize(id, auto_advance=None):
    invoice = Invoice._api_retrieve(id)
    if invoice.status != 'draft':
        raise UserError(400, 'It is final.')
    invoice._finalize()
    intent = PaymentIntent(amount=invoice.total, currency=invoice.currency, customer=invoice.customer)
    intent.invoice = invoice.id
    invoice.payment_intent = intent.id
    return invoice


def attach(self, method):
    give_method(self, method)
    if self.status == 'succeeded':
        method.customer = self.customer


Invoice.number = None
Invoice._api_create = classmethod(create_invoice)
make_item, InvoiceItem.__init__ = InvoiceItem.__init__, create_item
give_method, SetupIntent._attach_pm = SetupIntent._attach_pm, attach
server.app.router.add_post('/v1/invoices/{id}/finalize', server.api_extra(finalize, None))

answers = {}
running = set()
until_lost = 0


@web.middleware
async def keys(request, handler):
    global until_lost
    key = request.headers.get('Idempotency-Key')
    if request.method != 'POST' or not key:
        return await handler(request)
    asked = (request.path, await request.read())
    if key in answers:
        before, response = answers[key]
        if before != asked:
            body = {'error': {'type': 'idempotency_error', 'message': 'Another request had this key.'}}
            return web.json_response(body, status=400)
    elif key in running:
        body = {'error': {'type': 'idempotency_error', 'code': 'idempotency_key_in_use'}}
        return web.json_response(body, status=409)
    else:
        running.add(key)
        response = await handler(request)
        running.remove(key)
        response = (response.status, response.body)
        answers[key] = (asked, response)
    until_lost -= 1
    if until_lost == 0:
        request.transport.close()
    return web.Response(status=response[0], body=response[1], content_type='application/json')


async def forget(request):
    answers.clear()
    return web.Response()


async def lose(request):
    global until_lost
    until_lost = int(request.match_info['n'])
    return web.Response()


server.app.middlewares.insert(0, keys)
server.app.router.add_post('/_config/forget', forget)
server.app.router.add_post('/_config/lose/{n}', lose)


def end_with_parent():
    os.read(0, 1)
    os._exit(0)


listener = socket.create_server(('127.0.0.1', 0))
print(listener.getsockname()[1], flush=True)
threading.Thread(target=end_with_parent, daemon=True).start()
web.run_app(server.app, sock=listener, print=None, access_log=None)
