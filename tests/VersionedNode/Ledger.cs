using System.Text.Json.Serialization;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;

namespace AkkaScale.Tests.VersionedNode;

/// <summary>A sum. Its second release keeps cents where the first kept whole units.</summary>
public sealed record Ledger(int Total)
{
    public static IEntityKind Kind(int revision, bool canDowncast)
    {
        if (revision == 1)
        {
            return EntityKind.Define<Ledger, LedgerCommand, FirstEvent>(
                "ledger", new Ledger(0),
                (_, command) => command is Book book ? new FirstBooked(book.Amount) : Decision<FirstEvent>.Unchanged,
                (ledger, happened) => new Ledger(ledger.Total + ((FirstBooked)happened).Units));
        }

        var kind = EntityKind.Define<Ledger, LedgerCommand, SecondEvent>(
            "ledger", new Ledger(0),
            (_, command) => command is Book book ? new Booked(book.Amount * 100) : Decision<SecondEvent>.Unchanged,
            (ledger, happened) => new Ledger(ledger.Total + (((Booked)happened).Cents / 100)));
        kind.Upcast = happened => happened is FormerBooked former ? new Booked(former.Units * 100) : happened;
        kind.Downcast = canDowncast ? happened => happened is Booked booked ? new FormerBooked(booked.Cents / 100) : null : null;
        return kind;
    }
}

[JsonDerivedType(typeof(Book), "book"), JsonDerivedType(typeof(Look), "look")]
public abstract record LedgerCommand;

public sealed record Book(int Amount) : LedgerCommand;

public sealed record Look : LedgerCommand;

[JsonDerivedType(typeof(FirstBooked), "booked")]
public abstract record FirstEvent;

public sealed record FirstBooked(int Units) : FirstEvent;

[JsonDerivedType(typeof(FormerBooked), "booked"), JsonDerivedType(typeof(Booked), "booked@2")]
public abstract record SecondEvent;

public sealed record FormerBooked(int Units) : SecondEvent;

public sealed record Booked(int Cents) : SecondEvent;
