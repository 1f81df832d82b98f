// The entity of the test kit's samples, as docs/testing.md shows them.
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AkkaScale.Entities;

namespace AkkaScale.Tests.Unit.TestKit;

public sealed record Cart(ImmutableArray<string> Items)
{
    public static Decision<CartEvent> Decide(Cart cart, CartCommand command) => command switch
    {
        AddItem when cart.Items.Length >= 100 => new Refusal("cart/full", "A cart holds at most 100 items."),
        AddItem add => new ItemAdded(add.Item),
        _ => Decision<CartEvent>.Unchanged,
    };

    public static Cart Evolve(Cart cart, CartEvent happened) => cart with { Items = cart.Items.Add(((ItemAdded)happened).Item) };
}

[JsonDerivedType(typeof(AddItem), "add-item"), JsonDerivedType(typeof(GetCart), "get")]
public abstract record CartCommand;
public sealed record AddItem(string Item) : CartCommand;
public sealed record GetCart : CartCommand;

[JsonDerivedType(typeof(ItemAdded), "item-added")]
public abstract record CartEvent;
public sealed record ItemAdded(string Item) : CartEvent;
