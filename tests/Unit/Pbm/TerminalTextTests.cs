using AkkaScale.Pbm.Terminal;
using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain text [not markup]", "plain text [not markup]")]
    [InlineData("Grüße 日本 🎉", "Grüße 日本 🎉")]
    [InlineData("\u001b[31m", @"\u{1b}[31m")]
    [InlineData("a\r\nb\t\0", @"a\u{d}\u{a}b\u{9}\u{0}")]
    [InlineData("\u009b2J\u007f", @"\u{9b}2J\u{7f}")]
    [InlineData("\u202egnp\u2066\u200b\ufeff", @"\u{202e}gnp\u{2066}\u{200b}\u{feff}")]
    [InlineData("\u2028\u2029", @"\u{2028}\u{2029}")]
    [InlineData(null, "")]
    public void Whatever_could_steer_a_terminal_is_made_visible(string? text, string expected) =>
        Assert.Equal(expected, TerminalText.Escape(text));

    [Fact]
    public void An_unpaired_surrogate_becomes_the_replacement_character() =>
        Assert.Equal("a\ufffdb", TerminalText.Escape("a" + (char)0xd800 + "b"));
}
