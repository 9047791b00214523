#!/usr/bin/env python3
"""Writes src/table/raw/fields.tsv and script.tsv.

usage: build_small_tables.py COLUMN_HEADERS.tsv TSCHARACTERS.txt OUT_DIR

COLUMN_HEADERS.tsv: header, field, source (export headers seen in public code).
TSCHARACTERS.txt: OpenCC's traditional-to-simplified character list (Apache-2.0).
"""
import re
import sys
import unicodedata


def normal(word):
    word = unicodedata.normalize("NFKC", word).lower()
    return re.sub(r"[\s*/_\-:()（）：.]", "", word)


# Words that people write before a value in chats and on labels; role, party.
LABELS = {
    "name": "姓名 名字 名称 联系人 收件人 收货人 收 客户 顾客 买家 户主 机主 领取人 取货人 收件 收货 本人姓名 收件人姓名 真名 签收 签收人 receiver name",
    "sender_name": "寄件人 发件人 寄件 发件 寄 寄方 发货人 寄件人姓名 发件人姓名 sender",
    "mobile": "电话 手机 手机号 手机号码 联系电话 联系方式 联系 电 tel mobile phone 号码 电话号码 收件人电话 收件人手机 收货人电话 手机电话 致电 拨打 请拨 来电 机主电话 电联 電話 手機 聯繫電話",
    "sender_mobile": "寄件人电话 寄件电话 发件人电话 发件电话 寄件人手机 发件人手机",
    "address": "地址 住址 收货地址 收件地址 详细地址 送货地址 配送地址 家庭住址 收件人地址 地点 寄到 送到 发到 住在 家住 位于 add addr address 所在地区 地區 地址是 收貨地址",
    "sender_address": "寄件地址 发件地址 寄件人地址 发件人地址 发货地址 退货地址",
    "waybill": "单号 运单号 运单 快递单号 快递单 快递号 面单号 面单 物流单号 物流 快递 运单编号 邮件号 单号是 快件号 回执单号 tracking awb waybill 單號 運單號 面單",
    "order_id": "订单号 订单编号 订单 交易号 订单id 流水号 order orderid ordersn 商品id itemid 商品编号 货号 批次号 批号 编号 id 型号 订单编码 合同号 发票号 凭证号 序列号 sn imei 工单号 單據號 发票号码 税号 条形码 sku uid 用户id 会员号",
    "account": "微信 微信号 薇信 威信 v信 vx wx wechat weixin qq qq号 扣扣 q号 旺旺 群号 抖音号 快手号 淘宝号 账号 帐号 支付宝 支付宝账号",
    "id_number": "身份证 身份证号 身份证号码 证件号 证件号码 idcard idno 身份號碼",
    "bank": "银行卡 银行卡号 卡号 储蓄卡 信用卡 银行账号 收款账号 bankcard cardno",
    "phone": "座机 固话 固定电话 座机号 传真 fax telephone",
    "goods": "商品 品名 宝贝 商品名称 货品 内件 物品",
    "attribute": "状态 订单状态 类别 类型 类目 分类 等级 级别 会员等级 颜色 尺码 规格 支付方式 付款方式 来源 渠道 部门 职位 职务 岗位 科目 学科 月份 开户行 银行 品牌 性别 民族 学历 班级 年级 材质 款式 结果 status color brand level category",
    "price": "价格 金额 实付 单价 总价 运费 price amount",
    "time": "时间 日期 下单时间 发货时间 付款时间 生日 time date timestamp ts createdat",
    "remark": "备注 留言 说明 remark note 标题 商品标题 宝贝标题 描述 商品描述 详情 商品详情 内容 正文 title description content",
    "email": "邮箱 电子邮件 电子邮箱 email mail",
    "postcode": "邮编 邮政编码 zip",
}


def main():
    headers, ts, out = sys.argv[1:]
    rows = {}
    with open(headers, encoding="utf-8") as f:
        next(f)
        for line in f:
            header, field, _ = line.rstrip("\n").split("\t", 2)
            if field == "field":
                continue
            rows.setdefault(normal(header), field)
    for field, words in LABELS.items():
        for word in words.split():
            rows.setdefault(normal(word), field)
    with open(f"{out}/fields.tsv", "w", encoding="utf-8") as f:
        f.write("# Words that name a field, normalised (NFKC, lower case, no spaces or _-/():*). Columns: word, field.\n")
        f.write("# Written by tools/build_small_tables.py from export headers seen in public code and hand-made label lists.\n")
        for word in sorted(rows):
            if word:
                f.write(f"{word}\t{rows[word]}\n")
    pairs = []
    with open(ts, encoding="utf-8") as f:
        for line in f:
            if "\t" not in line:
                continue
            trad, simp = line.rstrip("\n").split("\t")
            simp = simp.split()[0]
            if len(trad) == 1 and len(simp) == 1 and trad != simp and ord(trad) < 0x10000 and ord(simp) < 0x10000:
                pairs.append((trad, simp))
    pairs.sort()
    with open(f"{out}/script.tsv", "w", encoding="utf-8") as f:
        f.write("# Traditional character and its simplified form, one to one, sorted by code point; BMP only.\n")
        f.write("# Written by tools/build_small_tables.py from OpenCC's TSCharacters.txt (Apache-2.0).\n")
        for i in range(0, len(pairs), 64):
            f.write("".join(t + s for t, s in pairs[i : i + 64]) + "\n")


main()
