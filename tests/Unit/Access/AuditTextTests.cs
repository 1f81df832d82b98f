using AkkaScale.Management.Access;

namespace AkkaScale.Tests.Unit.Access;

public sealed class AuditTextTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("plain ü €", "plain ü €")]
    [InlineData("a\0b\r\nc\u001b[2Jd\u009be", "a\uFFFDb\uFFFD\uFFFDc\uFFFD[2Jd\uFFFDe")]
    public void What_a_store_or_a_terminal_objects_to_is_replaced(string? text, string fitted) => Assert.Equal(fitted, AuditText.Fit(text));

    /// <summary>Not among the cases above: what carries them to the test would replace it first.</summary>
    [Fact]
    public void Half_a_pair_is_replaced() => Assert.Equal("half \uFFFD a pair", AuditText.Fit("half \ud800 a pair"));

    [Fact]
    public void It_is_cut_between_characters()
    {
        Assert.Equal(501, AuditText.Fit(new string('x', 10_000)).Length);
        Assert.Equal(new string('x', 499) + "…", AuditText.Fit(new string('x', 499) + "😀"));
    }
}
