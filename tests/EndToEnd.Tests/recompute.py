#!/usr/bin/env python3
"""Recomputes every report from the shop's file alone, by the rules in words, with nothing of the product's code.

python3 recompute.py FILE.csv.gz [--from 2010-12-01] [--to 2011-08-31] prints one JSON object. Days are those of the file.
"""
import argparse
import csv
import datetime as dt
import gzip
import hashlib
import io
import json
import math
import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
MOVED = dt.timedelta(days=5460)
RATE = Decimal(21)
TICKET_LIMIT = Decimal(3000)
MOST_BASKETS = 8000
FEWEST_SALES = 10
MOST_PRODUCTS = 1500
LEAST_EVIDENCE = Decimal(25)


def cents(amount):
    """To the cent, a half away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


class Number:
    """All lines of one number of the file."""

    def __init__(self, no):
        self.no = no
        self.lines = []

    def add(self, row):
        quantity, price = Decimal(row["quantity"]), Decimal(row["unit_price"])
        when = dt.datetime.fromisoformat(row["invoice_date"])
        self.lines.append((row["stock_code"], quantity, price, cents(quantity * price), when, row["customer_id"]))

    def close(self):
        self.when = min(line[4] for line in self.lines)
        self.customer = next((line[5] for line in self.lines if line[5]), None)
        self.total = sum((line[3] for line in self.lines), Decimal(0))
        self.is_return = self.no.startswith("C")
        self.transfer = self.customer is not None and int(self.customer) % 5 == 0
        moved = self.when + MOVED
        self.day = moved.date()
        self.hour = moved.hour
        self.refusal = (
            "REPLAY-BAD-DEBT" if self.no.startswith("A")
            else "REPLAY-STOCK" if all(line[2] == 0 for line in self.lines)
            else "ticket-limit" if self.customer is None and self.total > TICKET_LIMIT
            else None
        )
        # VAT is taken out of the whole; a line's own is rounded by itself, and the odd cents go to the largest lines.
        self.vat = cents(self.total * RATE / (100 + RATE))
        self.base = self.total - self.vat
        nets = [cents(line[3] * 100 / (100 + RATE)) for line in self.lines]
        odd = self.base - sum(nets, Decimal(0))
        step = CENT if odd > 0 else -CENT
        for i in sorted(range(len(nets)), key=lambda i: (-abs(self.lines[i][3]), i)):
            if odd == 0:
                break
            if self.lines[i][3] != 0:
                nets[i] += step
                odd -= step
        assert odd == 0, self.no
        self.nets = nets
        self.record_type = (
            ("R1" if self.customer else "R5") if self.total < 0 else ("F1" if self.customer else "F2")
        )


def read(path, first, last):
    numbers, order = {}, []
    with gzip.open(path, "rb") as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, encoding="utf-8", newline="")):
            number = numbers.get(row["invoice_no"])
            if number is None:
                number = numbers[row["invoice_no"]] = Number(row["invoice_no"])
                order.append(number)
            number.add(row)
    for number in order:
        number.close()
    return [number for number in order if first <= number.when.date() <= last]


class Figures:
    def __init__(self):
        self.invoices, self.base, self.vat, self.total, self.returns = 0, Decimal(0), Decimal(0), Decimal(0), Decimal(0)

    def add(self, number):
        self.invoices += 1
        self.base += number.base
        self.vat += number.vat
        self.total += number.total
        self.returns += -number.total if number.total < 0 else 0

    def row(self):
        return [self.invoices, str(cents(self.base)), str(cents(self.vat)), str(cents(self.total)), str(cents(self.returns))]


def grouped(numbers, key):
    groups = defaultdict(Figures)
    for number in numbers:
        groups[key(number)].add(number)
    return {key: groups[key].row() for key in sorted(groups)}


def week(day):
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def by_sku(numbers):
    groups = {}
    for number in numbers:
        for (sku, _, _, gross, _, _), net in zip(number.lines, number.nets):
            group = groups.setdefault(sku.strip() or sku, [set(), Decimal(0), Decimal(0), Decimal(0)])
            group[0].add(number.no)
            group[1] += net
            group[2] += gross
            group[3] += -gross if gross < 0 else 0
    return {
        sku: [len(nos), str(cents(net)), str(cents(gross - net)), str(cents(gross)), str(cents(back))]
        for sku, (nos, net, gross, back) in sorted(groups.items())
    }


def sales(numbers):
    return {
        "day": grouped(numbers, lambda n: n.day.isoformat()),
        "week": grouped(numbers, lambda n: week(n.day)),
        "month": grouped(numbers, lambda n: f"{n.day:%Y-%m}"),
        "hour": grouped(numbers, lambda n: f"{n.day.isoformat()}T{n.hour:02d}"),
        "store": grouped(numbers, lambda n: "WEB"),
        "till": grouped(numbers, lambda n: "WEB"),
        "channel": grouped(numbers, lambda n: "online"),
        "customer": grouped(numbers, lambda n: n.customer or ""),
        "vat": grouped(numbers, lambda n: "21"),
        "sku": by_sku(numbers),
    }


def income(numbers):
    card = sum((n.total for n in numbers if not n.transfer), Decimal(0))
    open_ = sum((n.total for n in numbers if n.transfer), Decimal(0))
    return {"issued": str(cents(card + open_)), "byCard": str(cents(card)), "byTransfer": str(cents(open_))}


def quarter(day):
    return f"{day.year}-{(day.month - 1) // 3 + 1}T"


def vat_book(numbers):
    """Lines, base, VAT and total of each quarter and type; and what form 303 says of it."""
    lines = defaultdict(lambda: [0, Decimal(0), Decimal(0), Decimal(0)])
    forms = defaultdict(lambda: defaultdict(Decimal))
    for n in numbers:
        line = lines[f"{quarter(n.day)} {n.record_type}"]
        line[0] += 1
        line[1] += n.base
        line[2] += n.vat
        line[3] += n.total
        form = forms[quarter(n.day)]
        base, vat = ("14", "15") if n.record_type[0] == "R" else ("07", "09")
        form[base] += n.base
        form[vat] += n.vat
        form["27"] += n.vat
    return (
        {key: [line[0]] + [str(cents(amount)) for amount in line[1:]] for key, line in sorted(lines.items())},
        {key: {box: str(cents(amount)) for box, amount in sorted(form.items())} for key, form in sorted(forms.items())},
    )


def tier(sale_id):
    first = int.from_bytes(hashlib.sha256(sale_id.encode()).digest()[:4], "big")
    return min(20, 32 - first.bit_length())


def pairs(numbers, most=50):
    """Products bought together more often than by chance, on the sales that chance chose by their own ids."""
    sold = [n for n in numbers if n.total >= 0 and not n.is_return]
    lowest, expected = 0, float(len(sold))
    while expected > MOST_BASKETS and lowest < 20:
        expected, lowest = expected / 2, lowest + 1
    baskets = []
    for n in sold:
        products = sorted({line[0].strip() for line in n.lines if line[1] > 0})
        if products and tier(n.no) >= lowest:
            baskets.append(products)
    count = defaultdict(int)
    for basket in baskets:
        for product in basket:
            count[product] += 1
    frequent = sorted((p for p in count if count[p] >= FEWEST_SALES), key=lambda p: (-count[p], p))[:MOST_PRODUCTS]
    kept = set(frequent)
    together = defaultdict(int)
    for basket in baskets:
        some = [p for p in basket if p in kept]
        for i, first in enumerate(some):
            for second in some[i + 1:]:
                together[first, second] += 1
    total, rows = len(baskets), []
    for (first, second), both in together.items():
        a, b = count[first], count[second]
        if both < 2 or both * total <= a * b:
            continue
        cells = (
            (both, a * b / total),
            (a - both, a * (total - b) / total),
            (b - both, (total - a) * b / total),
            (total - a - b + both, (total - a) * (total - b) / total),
        )
        evidence = 2 * sum(seen * math.log(seen / expected) for seen, expected in cells if seen > 0 and expected > 0)
        if evidence >= float(LEAST_EVIDENCE):
            rows.append((first, second, both, a, b, round(evidence, 2)))
    rows.sort(key=lambda row: (-row[5], row[0], row[1]))
    return {"sales": total, "lowestTier": lowest, "rows": [list(row) for row in rows[:most]]}


def customers(numbers):
    """Recency, frequency and value of each known customer on the last day; cohorts by the month of the first purchase."""
    if not numbers:
        return {}, {}
    last_day = max(n.day for n in numbers)
    known = defaultdict(list)
    for n in numbers:
        if n.customer:
            known[n.customer].append(n)
    recency = {}
    cohorts = defaultdict(lambda: defaultdict(lambda: [set(), Decimal(0)]))
    for customer, bought in known.items():
        sold = [n for n in bought if n.total >= 0]
        if not sold:
            continue
        last = max(n.day for n in sold)
        recency[customer] = [
            last.isoformat(), (last_day - last).days, len(sold), str(cents(sum((n.total for n in bought), Decimal(0))))
        ]
        first = min(n.day for n in sold)
        for n in bought:
            later = (n.day.year - first.year) * 12 + n.day.month - first.month
            if later < 0:
                continue
            cell = cohorts[f"{first:%Y-%m}"][later]
            if n.total >= 0:
                cell[0].add(customer)
            cell[1] += n.total
    return (
        dict(sorted(recency.items())),
        {
            month: {str(later): [len(who), str(cents(value))] for later, (who, value) in sorted(cells.items())}
            for month, cells in sorted(cohorts.items())
        },
    )


def tail(hits, n, chance):
    """That at least so many of n are hit, each with that chance."""
    return sum(
        math.exp(
            math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(chance) + (n - k) * math.log(1 - chance)
        )
        for k in range(hits, n + 1)
    )


def slow_movers(numbers):
    """Products whose share of all sales fell from the first half of the days to the second by more than chance explains."""
    if not numbers:
        return {}
    first, last = min(n.day for n in numbers), max(n.day for n in numbers)
    length = ((last - first).days + 1) // 2
    since = last - dt.timedelta(days=length - 1)
    start = since - dt.timedelta(days=length)
    some = [n for n in numbers if start <= n.day]
    sold = {}
    sales = [0, 0]
    for n in some:
        half = 0 if n.day < since else 1
        is_sale = n.total >= 0
        sales[half] += is_sale
        quantities = defaultdict(Decimal)
        for sku, quantity, _, _, _, _ in n.lines:
            quantities[sku.strip()] += quantity
        for sku, quantity in quantities.items():
            row = sold.setdefault(sku, {"last": None, "invoices": [0, 0], "quantity": [Decimal(0), Decimal(0)]})
            row["invoices"][half] += is_sale
            row["quantity"][half] += quantity
            if is_sale:
                row["last"] = max(row["last"] or n.day, n.day)
    if length == 0 or sales[1] == 0:
        return {"from": since.isoformat(), "to": last.isoformat(), "rows": {}}
    before = sales[0] / sum(sales)
    chances = {
        sku: tail(row["invoices"][0], sum(row["invoices"]), before) for sku, row in sold.items() if row["invoices"][0] > 0
    }
    limit, ordered = None, sorted(chances.values())
    for i, chance in enumerate(ordered):
        if chance <= 0.05 * (i + 1) / len(ordered):
            limit = chance
    return {
        "from": since.isoformat(),
        "to": last.isoformat(),
        "rows": {
            sku: [sold[sku]["last"].isoformat(), sold[sku]["invoices"][1], sold[sku]["invoices"][0]]
            + [str(quantity) for quantity in reversed(sold[sku]["quantity"])]
            for sku, chance in sorted(chances.items())
            if limit is not None and chance <= limit
        },
    }


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("file")
    arguments.add_argument("--from", dest="first", type=dt.date.fromisoformat, default=dt.date.min)
    arguments.add_argument("--to", dest="last", type=dt.date.fromisoformat, default=dt.date.max)
    given = arguments.parse_args()
    numbers = read(given.file, given.first, given.last)
    issued = [n for n in numbers if n.refusal is None]
    book, form = vat_book(issued)
    recency, cohorts = customers(issued)
    json.dump(
        {
            "read": len(numbers),
            "issued": len(issued),
            "refused": len(numbers) - len(issued),
            "total": str(sum((n.total for n in issued), Decimal(0))),
            "sales": sales(issued),
            "income": income(issued),
            "vatBook": book,
            "form303": form,
            "pairs": pairs(issued),
            "customers": recency,
            "cohorts": cohorts,
            "slowMovers": slow_movers(issued),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
