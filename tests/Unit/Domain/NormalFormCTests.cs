using System.Globalization;
using AkkaScale.Domain;
using AkkaScale.Tests.Unit.Architecture;
using Xunit;

namespace AkkaScale.Tests.Unit.Domain;

public sealed class NormalFormCTests
{
    /// <summary>Each line: 1 or 0, then the characters. Made from random texts with another implementation (Python's unicodedata).</summary>
    [Fact]
    public void Three_thousand_texts_are_judged_as_another_implementation_judges_them()
    {
        var judged = 0;
        foreach (var line in File.ReadLines(RepositoryFolder.At("tests", "Unit", "Domain", "Golden", "normal-form-c.txt")))
        {
            var parts = line.Split(' ');
            var text = string.Concat(parts.Skip(1).Select(part => char.ConvertFromUtf32(int.Parse(part, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
            Assert.True((parts[0] == "1") == NormalFormC.IsNormalized(text), line);
            judged++;
        }

        Assert.Equal(3_000, judged);
    }

    [Theory]
    [InlineData("", true)]
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
    public void Known_texts_are_judged_rightly(string text, bool normalized) =>
        Assert.Equal(normalized, NormalFormC.IsNormalized(text));

    /// <summary>Not inline data: an attribute cannot hold half a pair.</summary>
    [Fact]
    public void Half_a_surrogate_pair_has_no_normal_form() => Assert.False(NormalFormC.IsNormalized("\ud800\u0301"));
}
