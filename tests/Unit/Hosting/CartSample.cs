// The README's sample of an own entity; a test holds both equal and runs it.
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AkkaScale.Entities;
using AkkaScale.Gateway;
using AkkaScale.Hosting;
using Microsoft.AspNetCore.Builder;

namespace AkkaScale.Tests.Unit.Hosting;

public static class CartProgram
{
    public static WebApplication Build(string[] args)
    {
        // begin sample
        var node = AkkaScaleNode.CreateBuilder(args);
        node.AddEntity(EntityKind.Define<Cart, CartCommand, CartEvent>("cart", new Cart([]), Cart.Decide, Cart.Evolve));
        var app = node.Build();
        app.MapPost("/carts/{id}/items/{item}", (string id, string item, IEntityClient entities, CancellationToken stop) =>
            entities.AskAsync(new(new("cart", id), new AddItem(item)), stop).ToHttp());
        app.MapGet("/carts/{id}", (string id, IEntityClient entities, CancellationToken stop) =>
            entities.AskAsync(new(new("cart", id), new GetCart()) { IsRead = true }, stop).ToHttp());
        // end sample
        return app;
    }
}

// begin sample
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
// end sample
