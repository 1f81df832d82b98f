using System.Text;
using AkkaScale.Entities;
using AkkaScale.Sharding.Events;

namespace AkkaScale.Tests.Unit.EntitySharding;

public sealed class StoredAnswerTests
{
    [Theory]
    [InlineData("", "ü", 1_024)]
    [InlineData("a", "ü", 1_023)]
    [InlineData("", "😀", 1_024)]
    [InlineData("a", "😀", 1_021)]
    public void A_long_detail_is_cut_at_a_whole_character_within_the_bound(string start, string character, int bytes)
    {
        var detail = start + string.Concat(Enumerable.Repeat(character, 2_000));
        var cut = Cut(detail);
        Assert.StartsWith(cut, detail, StringComparison.Ordinal);
        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(cut));
    }

    [Fact]
    public void A_short_one_stays_as_it_is() => Assert.Equal(new string('ü', 512), Cut(new string('ü', 512)));

    private static string Cut(string detail) =>
        StoredAnswer.Of(new EntityReply(ReplyStatus.Refused, "a/b", detail, 0, false, false, null)).Detail;
}
