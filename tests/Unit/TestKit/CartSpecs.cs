// The sample of docs/testing.md; a test holds both equal.
using AkkaScale.Entities;
using AkkaScale.TestKit.Entities;
using AkkaScale.Tests.Unit.Management;

namespace AkkaScale.Tests.Unit.TestKit;

// begin sample
public sealed class CartSpecs
{
    private static readonly EntityKind<Cart, CartCommand, CartEvent> Kind =
        EntityKind.Define<Cart, CartCommand, CartEvent>("cart", new Cart([]), Cart.Decide, Cart.Evolve);

    [Fact]
    public void An_item_goes_into_the_cart() => EntitySpec.For(Kind)
        .Given(new ItemAdded("pear"))
        .When(new AddItem("apple"))
        .Then(new ItemAdded("apple"))
        .ThenState(cart => cart.Items.Length == 2);

    [Fact]
    public void A_full_cart_takes_nothing_more() => EntitySpec.For(Kind)
        .Given([.. Enumerable.Range(1, 99).Select(number => new ItemAdded($"item {number}"))])
        .Always(cart => cart.Items.Length <= 100)
        .When(new AddItem("the last one")).Then(new ItemAdded("the last one"))
        .When(new AddItem("one too many")).ThenRefused("cart/full");

    [Fact]
    public void Looking_into_the_cart_changes_nothing() => EntitySpec.For(Kind)
        .When(new GetCart()).ThenUnchanged();
}
// end sample
