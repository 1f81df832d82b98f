using AkkaScale.Domain.Validation;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

/// <summary>Two spellings of one id must not be two entities. In .NET's invariant mode every text would pass.</summary>
public sealed class NormalFormTests
{
    [Theory]
    [InlineData("plain", true)]
    [InlineData("\u00e9", true)]
    [InlineData("e\u0301", false)]
    [InlineData("x\u0301", true)]
    [InlineData("\u0227\u0323", false)]
    [InlineData("\u1ea1\u0307", true)]
    [InlineData("q\u0307\u0323", false)]
    [InlineData("\u212b", false)]
    [InlineData("\u1112\u1161\u11ab", false)]
    [InlineData("\ud55c", true)]
    public void Known_texts_are_judged_rightly(string text, bool normalized) => Assert.Equal(normalized, Limits.CheckId(text) is null);

    /// <summary>Not inline data: an attribute cannot hold half a pair.</summary>
    [Fact]
    public void Half_a_surrogate_pair_is_refused_and_throws_nothing()
    {
        foreach (var text in (string[])["\ud800\u0301", "\udc00", "a\ud800", "\ud800\ud800", "\udc00\ud800"])
        {
            Assert.Equal("request/id", Limits.CheckId(text)?.Code);
        }
    }
}
