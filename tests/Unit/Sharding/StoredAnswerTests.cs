using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class StoredAnswerTests
{
    /// <summary>Stored for as long as the journal lives: these bytes must stay readable.</summary>
    [Theory]
    [InlineData("01000000000000", ReplyStatus.Accepted, false, "", "")]
    [InlineData("01000100000000", ReplyStatus.Accepted, true, "", "")]
    [InlineData("01010000000000", ReplyStatus.Unchanged, false, "", "")]
    [InlineData("0102000003000261" + "2F62" + "C3BC", ReplyStatus.Refused, false, "a/b", "ü")]
    public void Golden_answers_are_written_and_read(string hex, ReplyStatus status, bool created, string code, string detail)
    {
        var answer = new StoredAnswer(status, created, code, detail);
        Assert.Equal(hex, Convert.ToHexString(answer.Encode()));
        Assert.Equal(answer, StoredAnswer.Decode(Convert.FromHexString(hex)));
    }

    [Fact]
    public void A_long_detail_is_cut_at_a_whole_character_within_the_bound()
    {
        var encoded = new StoredAnswer(ReplyStatus.Refused, false, "a/b", new string('ü', 2_000)).Encode();
        Assert.InRange(encoded.Length, StoredAnswer.MaxBytes - 1, StoredAnswer.MaxBytes);
        Assert.Equal(new string('ü', StoredAnswer.Decode(encoded).Detail.Length), StoredAnswer.Decode(encoded).Detail);
    }

    [Theory]
    [InlineData("")]
    [InlineData("02000000000000")]
    [InlineData("01020000050000")]
    public void Anything_else_is_refused(string hex) =>
        Assert.Throws<FormatException>(() => StoredAnswer.Decode(Convert.FromHexString(hex)));
}
