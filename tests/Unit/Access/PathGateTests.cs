using AkkaScale.Management.Access;

namespace AkkaScale.Tests.Unit.Access;

public sealed class PathGateTests
{
    [Theory]
    [InlineData("t-1", null)]
    [InlineData("ü €😀", null)]
    [InlineData("'; DROP TABLE journal; --", null)]
    [InlineData("$(reboot)", null)]
    [InlineData("100 %", null)]
    [InlineData("%2", null)]
    [InlineData("%zz", null)]
    [InlineData("e\u0301", null)]
    [InlineData("a%2Fb", "is encoded twice, or is a slash, or is not UTF-8")]
    [InlineData("x%%00", "is encoded twice, or is a slash, or is not UTF-8")]
    [InlineData("%ff", "is encoded twice, or is a slash, or is not UTF-8")]
    [InlineData("...", null)]
    [InlineData("", "is empty")]
    [InlineData(".", "is a dot segment")]
    [InlineData("..", "is a dot segment")]
    [InlineData("a/b", "holds a slash")]
    [InlineData("a\\b", "holds a slash")]
    [InlineData("a\r\nb", "holds a control character")]
    [InlineData("a\0", "holds a control character")]
    [InlineData("a\u009b", "holds a control character")]
    public void What_nothing_can_be_called_is_refused(string name, string? fault) => Assert.Equal(fault, PathGate.Fault(name));

    [Fact]
    public void It_has_255_characters_at_most_whatever_their_size()
    {
        Assert.Null(PathGate.Fault(string.Concat(Enumerable.Repeat("😀", 255))));
        Assert.Equal("is too long", PathGate.Fault(new string('x', 256)));
    }
}
